using System.Globalization;
using System.Text.RegularExpressions;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>
/// The name of a model: "1" is the starter, "2", "3" … are full trainings, "1.57" is what the user's labels up to the 57th thing said
/// made of the starter. So a name says what it stands on, and the same labels give the same name again after any crash.
/// </summary>
internal readonly partial record struct ModelVersion(int Base, long Revision) : IComparable<ModelVersion>
{
    public bool IsPersonal => Revision > 0;

    public bool IsStarter => this == Starter;

    public static ModelVersion Starter { get; } = Parse(StarterModel.Version)!.Value;

    public override string ToString() => Revision == 0
        ? Base.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Base}.{Revision}");

    /// <summary>Null for whatever is no such name, so that none becomes a path.</summary>
    public static ModelVersion? Parse(string text)
    {
        if (!Form().IsMatch(text)) return null;
        string[] parts = text.Split('.');
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length == 1 ? 0 : long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public int CompareTo(ModelVersion other) => (Base, Revision).CompareTo((other.Base, other.Revision));

    [GeneratedRegex(@"^[1-9]\d{0,8}(\.[1-9]\d{0,15})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
