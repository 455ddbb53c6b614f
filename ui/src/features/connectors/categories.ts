import type { ConnectorCard } from "../../backend";

/** Cards by category, both in the order of their names. */
export function byCategory(
  cards: ConnectorCard[],
): { category: string; cards: ConnectorCard[] }[] {
  return [...new Set(cards.map((card) => card.category))].toSorted().map((category) => ({
    category,
    cards: cards
      .filter((card) => card.category === category)
      .toSorted((a, b) => a.label.localeCompare(b.label)),
  }));
}
