using Soundings.Storage;

namespace Soundings.Reading.Exports;

/// <summary>
/// One record of an export, and what became of it: an item, a reaction, or left out for a reason. <c>Repaired</c>: its quoting or encoding
/// was broken, and could be told nevertheless. <c>Line</c>: where it begins.
/// </summary>
internal readonly record struct ExportRecord(int Line, Item? Item = null, Reaction? Reaction = null, string? LeftOut = null, bool Repaired = false)
{
    /// <summary>Which of the formats it came in.</summary>
    public Origin Origin { get; init; }

    public static ExportRecord Skip(int line, string reason) => new(line, LeftOut: reason);
}

/// <summary>Why a record is left out, each in words for whoever reads the counts.</summary>
internal static class LeftOut
{
    public const string NoText = "no words of yours in it";
    public const string NoColumns = "columns are missing";
    public const string NoTarget = "neither time nor address, so it cannot be told from others";
    public const string UnknownShape = "a shape this version does not know";
    public const string ImpossibleTime = "its time cannot be right";
    public const string Repeated = "the same record again";
}
