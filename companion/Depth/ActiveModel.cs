namespace Soundings.Depth;

/// <summary>Owns which model judges now: one reference, exchanged whole, so that a score is never half one model's and half another's.</summary>
internal sealed class ActiveModel(Scorer first)
{
    private volatile Scorer _current = first;

    public Scorer Current => _current;

    public void Activate(Scorer next)
    {
        ArgumentNullException.ThrowIfNull(next);
        _current = next;
    }
}
