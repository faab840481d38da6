/// Postgres' regular expressions: which substring matches, and which parts its groups took.
///
/// In: a pattern in the advanced syntax, its options, the locale that classifies characters, and text as characters.
/// Out:
/// the positions of the match and its groups, or Postgres' error for the pattern. [PatternParser] makes a tree of
/// [Part]s whose shape decides how a match is divided; for each part an [Automaton] says how far it reaches.
///
/// Invariant: of all matches the one that starts first; from there the longest, or the shortest where the first
/// quantifier that prefers anything asks for that; its division is found part by part in the same manner.
@NullMarked
package mooncake.query.regex;

import org.jspecify.annotations.NullMarked;
