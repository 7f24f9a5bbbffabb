using System.Text.Json.Serialization;

namespace Soundings.Depth;

/// <summary>The judgement on a text. Unsure is a verdict of its own: the evidence does not carry either way.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
internal enum Verdict
{
    [JsonStringEnumMemberName("superficial")] Superficial,
    [JsonStringEnumMemberName("unsure")] Unsure,
    [JsonStringEnumMemberName("substantive")] Substantive,
}

/// <summary>Probabilities (0-1) that the text tells of oneself, offers something to use, asks a real question, takes up the other's point.</summary>
internal sealed record Facets(double Reveal, double Wisdom, double Solicit, double Engage);

/// <summary>A span of the scored text (UTF-16 offsets) that moved the score, with a reason a person can check in the text.</summary>
internal sealed record Evidence(int Start, int Length, Verdict Toward, string Why);

/// <summary>
/// The score of one item. <c>Probability</c> (0-1, calibrated) that it is substantive; <c>Depth</c> is that times 100, rounded.
/// <c>Evidence</c>: at most five, strongest first. <c>Language</c>: ISO 639-1 or null when unknown. <c>Model</c>: version that judged.
/// </summary>
internal sealed record Score(
    string Id, int Depth, double Probability, Verdict Verdict, Facets Facets,
    IReadOnlyList<Evidence> Evidence, string? Language, string Model);
