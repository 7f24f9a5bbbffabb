using Microsoft.ML.Data;
using Soundings.Depth;

namespace Soundings.Training;

/// <summary>One example as ML.NET sees it while one head is fitted.</summary>
internal sealed class Row
{
    public const int Width = Grams.Buckets + 256;

    [VectorType(Width)]
    public VBuffer<float> Features { get; set; }

    public bool Label { get; set; }

    public float Weight { get; set; }
}
