namespace Soundings.Depth;

/// <summary>A set of hashes that is emptied without cost, for "does the parent say this too?".</summary>
internal sealed class StemSet
{
    private ulong[] _keys = new ulong[2_048];
    private int[] _stamps = new int[2_048];
    private int _stamp;
    private int _count;

    public int Count => _count;

    public void Clear()
    {
        _count = 0;
        if (++_stamp != int.MaxValue)
            return;
        Array.Clear(_stamps);
        _stamp = 1;
    }

    public bool Add(ulong key)
    {
        if (_count * 2 >= _keys.Length)
            Grow();
        var at = Place(key);
        if (_stamps[at] == _stamp)
            return false;
        _stamps[at] = _stamp;
        _keys[at] = key;
        _count++;
        return true;
    }

    public bool Contains(ulong key) => _stamps[Place(key)] == _stamp;

    private int Place(ulong key)
    {
        var mask = _keys.Length - 1;
        var at = (int)(Hashing.Mix(key) & (ulong)mask);
        while (_stamps[at] == _stamp && _keys[at] != key)
            at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        var (keys, stamps) = (_keys, _stamps);
        _keys = new ulong[keys.Length * 2];
        _stamps = new int[keys.Length * 2];
        var stamp = _stamp;
        _stamp = 1;
        _count = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (stamps[i] == stamp)
                Add(keys[i]);
        }
    }
}
