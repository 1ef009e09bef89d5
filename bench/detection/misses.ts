/** Why a target is missed, or was not measured, by its id: by hand, and shown only where it is. */
export const misses: Readonly<Record<string, string>> = {
  traveller: "Challenges are for the gate, which does not exist yet; a scan only tells.",
};
