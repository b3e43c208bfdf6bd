// The arithmetic of ranks, on a Map of cards to ranks (1 is best; null is not ranked yet). It knows no page.

/** The ranked cards in groups that share a rank, best first. */
export function groups(ranks) {
  const byRank = new Map();
  for (const [card, rank] of ranks) {
    if (rank !== null) byRank.set(rank, [...(byRank.get(rank) ?? []), card]);
  }
  return [...byRank].sort(([a], [b]) => a - b).map(([, cards]) => cards);
}

/** The cards as a list in order shows them: the ranked ones, best first, then the others as they stood. */
export function inOrder(ranks) {
  const rest = [...ranks.keys()].filter((card) => ranks.get(card) === null);
  return [...groups(ranks).flat(), ...rest];
}

/** A card one rank up (-1) or down (+1); it changes places with a card that stood there alone with it gone. */
export function stepped(ranks, card, by) {
  const old = ranks.get(card);
  if (old === null) return new Map(ranks).set(card, firstFree(ranks));
  const rank = Math.min(Math.max(old + by, 1), ranks.size);
  const left = [...ranks].some(([other, its]) => other !== card && its === old);
  const moved = [...ranks].map(([other, its]) => [other, other === card ? rank : its === rank && !left ? old : its]);
  return new Map(moved);
}

function firstFree(ranks) {
  const taken = new Set(ranks.values());
  let rank = 1;
  while (taken.has(rank)) rank += 1;
  return rank;
}

/** A card put among the others, which stand in order: after `before` of the ranked ones; null takes its rank away.
 *
 * Between two that tie it ties with them. The ranks of all become dense. */
export function dropped(ranks, card, before) {
  const rest = new Map([...ranks].filter(([other]) => other !== card));
  const all = groups(rest);
  if (before !== null) put(all, card, before);
  const places = new Map(all.flatMap((group, place) => group.map((one) => [one, place + 1])));
  return new Map([...ranks.keys()].map((one) => [one, places.get(one) ?? null]));
}

function put(all, card, before) {
  let seen = 0;
  for (const [place, group] of all.entries()) {
    if (before === seen) return all.splice(place, 0, [card]);
    if (before < seen + group.length) return group.push(card);
    seen += group.length;
  }
  return all.push([card]);
}

const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };
const rules = new Intl.PluralRules("en", { type: "ordinal" });

export const ordinal = (n) => `${n}${ENDINGS[rules.select(n)]}`;
