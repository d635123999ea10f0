import { useEffect, useState } from "preact/hooks";
import { type Access, mayI } from "#dashboard/model/rights";

/** Whether the viewer may do this; undefined while it is asked. What cannot be asked is left to the server to refuse. */
export function useRight(access: Access): boolean | undefined {
  const [isAllowed, setAllowed] = useState<boolean>();
  const { verb, group, resource, namespace, name } = access;
  useEffect(() => {
    let isGone = false;
    mayI({ verb, group, resource, namespace, name }).then(
      (answer) => !isGone && setAllowed(answer),
      () => !isGone && setAllowed(true),
    );
    return () => {
      isGone = true;
    };
  }, [verb, group, resource, namespace, name]);
  return isAllowed;
}
