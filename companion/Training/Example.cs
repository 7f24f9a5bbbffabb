using Soundings.Depth;

namespace Soundings.Training;

/// <summary>The four facets as bits, in the order of the model's heads after depth.</summary>
[Flags]
internal enum Facet { None = 0, Reveal = 1, Wisdom = 2, Solicit = 4, Engage = 8 }

/// <summary>
/// One labelled item as training or evaluation input. <c>Facets</c> null: not labelled. <c>Slice</c> names the file it came from;
/// natural slices (nat-…) have the mix of real life, balanced ones do not. <c>Weight</c> counts it more or less than once.
/// </summary>
internal sealed record Example(Item Item, bool Substantive, Facet? Facets, string? Language, string Slice, float Weight = 1)
{
    public bool Natural => Slice.StartsWith("nat-", StringComparison.Ordinal);

    /// <summary>Whether head <paramref name="head"/> of the model holds for it, or null where that was not labelled.</summary>
    public bool? Holds(int head) => head == 0 ? Substantive : Facets is { } facets ? ((int)facets & (1 << (head - 1))) != 0 : null;

    public static int HeadCount => Model.Heads.Length;
}
