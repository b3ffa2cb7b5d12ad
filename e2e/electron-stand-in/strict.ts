/** The same object, except that asking it for something it does not have throws: the stand-in never answers for what it does not do. */
export function strict<Thing extends object>(name: string, thing: Thing): Thing {
  return new Proxy(thing, {
    get(target, key, receiver) {
      // Promises are recognised by `then`, and printing looks for symbols.
      if (!(key in target) && typeof key === 'string' && key !== 'then' && key !== 'toJSON') throw new Error(`The stand-in for electron has no ${name}.${key}.`)
      const value: unknown = Reflect.get(target, key, receiver)
      return value
    },
    set(_target, key) {
      throw new Error(`The stand-in for electron does not let ${name}.${String(key)} be set.`)
    }
  })
}
