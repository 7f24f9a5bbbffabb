namespace Soundings.Pairing;

/// <summary>The two lists that name a connection, such as "amber heron": short, unlike each other, nothing to take amiss.</summary>
internal static class PairingWords
{
    public static readonly IReadOnlyList<string> First =
    [
        "amber", "blue", "brisk", "calm", "clear", "cool", "copper", "deep", "early", "even", "fair", "fine", "fresh", "gentle", "glass", "golden",
        "grey", "hazel", "indigo", "ivory", "jade", "keen", "level", "light", "linen", "lunar", "mellow", "misty", "north", "olive", "open", "pale",
        "pearl", "plain", "quiet", "rapid", "russet", "sable", "salt", "silver", "slate", "solar", "south", "steady", "still", "stone", "teal", "umber",
    ];

    public static readonly IReadOnlyList<string> Second =
    [
        "alder", "anchor", "basin", "bay", "beacon", "birch", "bridge", "brook", "buoy", "canal", "cedar", "chart", "cliff", "coast", "compass", "cove",
        "current", "delta", "dune", "estuary", "ferry", "fjord", "gannet", "gull", "harbour", "heron", "inlet", "island", "jetty", "kelp", "lagoon", "lantern",
        "mooring", "oar", "otter", "pebble", "pier", "plover", "quay", "reed", "reef", "rudder", "shoal", "spring", "tern", "tide", "wharf", "willow",
    ];
}
