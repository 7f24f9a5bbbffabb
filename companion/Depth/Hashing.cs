using System.Runtime.CompilerServices;

namespace Soundings.Depth;

/// <summary>Owns the hash that words, n-grams and lexicon entries share; the model file depends on it, so it never changes quietly.</summary>
internal static class Hashing
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Step(ulong hash, ulong next) => (hash ^ next) * Multiplier ^ (hash >> 29);

    public static ulong Of(ReadOnlySpan<char> chars)
    {
        var hash = 0xCBF2_9CE4_8422_2325UL;
        foreach (var c in chars)
            hash = Step(hash, c);
        return Mix(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong hash)
    {
        hash *= Multiplier;
        return hash ^ (hash >> 32);
    }

    /// <summary>The bucket of a hash in a space of 2^bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bucket(ulong hash, int bits) => (int)(hash * Multiplier >> (64 - bits));
}
