# What Python's email package (policy=default) makes of messages: paths on standard input, one JSON line for each on standard output.
import datetime, email, email.policy, json, sys

def attempt(read, otherwise):
    try:
        return read()
    except Exception as thrown:
        return otherwise(thrown) if callable(otherwise) else otherwise

def addresses(message, name):
    found = []
    for field in message.get_all(name, []):
        for one in field.addresses:
            found.append([one.display_name, one.addr_spec])
    return found

def date_of(message):
    value = message['date'].datetime
    if value is None:
        return None
    value = value.replace(tzinfo=datetime.timezone.utc) if value.tzinfo is None else value
    return value.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.000Z')

def leaves(message):
    if message.get_content_maintype() == 'multipart':
        for part in message.iter_parts():
            yield from leaves(part)
    else:
        yield message

def bytes_of(part):
    if part.get_content_maintype() == 'message':
        inner = part.get_payload()
        return b''.join(bytes(one) for one in inner) if isinstance(inner, list) else str(inner).encode('utf-8', 'surrogateescape')
    return part.get_payload(decode=True) or b''

def read(path):
    with open(path, 'rb') as file:
        message = email.message_from_bytes(file.read(), policy=email.policy.default)
    texts, pages, files, failed = [], [], [], []
    for part in leaves(message):
        kind = part.get_content_type()
        named = attempt(part.get_filename, None)
        disposition = attempt(part.get_content_disposition, None)
        if kind in ('text/plain', 'text/html') and named is None and disposition != 'attachment':
            text = attempt(part.get_content, lambda thrown: failed.append(type(thrown).__name__) or '')
            (texts if kind == 'text/plain' else pages).append(text if isinstance(text, str) else '')
        else:
            files.append([named, len(attempt(lambda: bytes_of(part), b'')), kind])
    note = lambda what: (lambda thrown: failed.append(what + ' ' + type(thrown).__name__))
    return {
        'path': path, 'failed': failed,
        'from': attempt(lambda: addresses(message, 'from'), note('from')), 'to': attempt(lambda: addresses(message, 'to'), note('to')),
        'subject': attempt(lambda: str(message['subject'] or ''), note('subject')), 'date': attempt(lambda: date_of(message), None),
        'messageId': attempt(lambda: None if message['message-id'] is None else str(message['message-id']).strip(), note('messageId')),
        'text': '\n'.join(texts), 'pages': len(pages), 'files': files,
    }

for line in sys.stdin:
    path = line.rstrip('\n')
    found = attempt(lambda: read(path), lambda thrown: {'path': path, 'crashed': type(thrown).__name__ + ': ' + str(thrown)[:200]})
    print(json.dumps(found), flush=True)
