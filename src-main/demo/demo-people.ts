/**
 * A CSV file of people of the demo (RFC 4180). Lars Berg is a technician, Sofia Rossi a requester, and both may send e-mail commands;
 * Tom Ashworth may not.
 */
export const demoPeople = `name,address,user,analyst,signIn,rights,format
Lars Berg,lars.berg@demo.example,yes,yes,yes,,html
Priya Nair,priya.nair@demo.example,yes,yes,no,,html
Sofia Rossi,sofia.rossi@demo.example,yes,no,yes,edit close,html
Tom Ashworth,tom.ashworth@demo.example,yes,no,no,,html
Hannah Fischer,hannah.fischer@demo.example,yes,no,no,,html
Marcus Bell,marcus.bell@demo.example,yes,no,no,,html
Grace Okafor,grace.okafor@demo.example,yes,no,no,,plain
Jörg Müller,joerg.mueller@demo.example,yes,no,no,,html
田中 美咲,misaki.tanaka@demo.example,yes,no,no,,plain
Łukasz Wiśniewski,lukasz.wisniewski@demo.example,yes,no,no,,html
Claire Hébert,claire.hebert@demo.example,yes,no,no,,html
Elena Petrova,elena.petrova@demo.example,yes,no,no,,html
`
