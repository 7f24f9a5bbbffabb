using System.Text.Json.Serialization;

namespace Soundings;

/// <summary>What an interaction is: a post, a comment on a post, or a reply to a comment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Kind>))]
internal enum Kind
{
    [JsonStringEnumMemberName("post")] Post,
    [JsonStringEnumMemberName("comment")] Comment,
    [JsonStringEnumMemberName("reply")] Reply,
}

/// <summary>Who wrote an item, as the page shows it. Kept for "with whom"; never judged.</summary>
internal sealed record Author(string? Name = null, string? Url = null);

/// <summary>
/// One interaction: the unit that is read from a page, scored, stored and labelled.
/// <para><c>Id</c> is the item key (unique within a site), <c>Parent</c> the text it answers (null for posts or when unknown),
/// <c>At</c> an RFC 3339 time with zone (null: unknown).</para>
/// </summary>
internal sealed record Item(string Id, Kind Kind, string Text)
{
    /// <summary>Only the first this many UTF-16 units of a text count.</summary>
    public const int MaxTextLength = 20_000;

    public string? Site { get; init; }
    public string? Parent { get; init; }
    public string? ParentId { get; init; }
    public Author? Author { get; init; }
    public bool? Mine { get; init; }
    public bool? Sponsored { get; init; }
    public string? At { get; init; }
}
