/**
 * What is made of an object, made once: objects of a live list do not change, a change brings another. It is kept for
 * as long as the object is.
 */
export function oncePer<T extends object, R>(make: (object: T) => R): (object: T) => R {
  const made = new WeakMap<T, { readonly value: R }>();
  return (object) => {
    let known = made.get(object);
    if (!known) made.set(object, (known = { value: make(object) }));
    return known.value;
  };
}
