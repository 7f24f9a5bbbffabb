namespace Soundings.Depth;

/// <summary>Owns which model judges now: one reference, exchanged whole, so that a score is never half one model's and half another's.</summary>
internal sealed class ActiveModel(Scorer first)
{
    private volatile Scorer _current = first;

    public Scorer Current => _current;

    /// <summary>Why another than the active version judges; null while all is well.</summary>
    public string? Fault { get; set; }

    public void Activate(Scorer next)
    {
        ArgumentNullException.ThrowIfNull(next);
        _current = next;
    }
}
