namespace Soundings;

/// <summary>
/// A click under somebody's text: the most superficial of interactions, and no text at all. It is no item, because an item without text stands
/// in no share and a year of likes would bury the words in every list; it is stored and counted beside the items.
/// <para><c>Id</c> is its key, <c>Kind</c> the site's word in lower case (like, praise, love; in the export's language), <c>Target</c> the key of the
/// item under it where the export tells, <c>At</c> an RFC 3339 time (null: unknown).</para>
/// </summary>
internal sealed record Reaction(string Site, string Id, string Kind, string? Target, string? At);
