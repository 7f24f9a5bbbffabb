using System.Text;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

internal sealed record ImportLabelsRequest(IReadOnlyList<string> Lines);

/// <summary>The user's labels as JSON Lines: in again a part at a time, and out by <see cref="ExportApi"/>. Models never travel; they are learned again.</summary>
internal static class LabelFilesApi
{
    private const int MaxLines = 500;

    public static void MapLabelFiles(this IEndpointRouteBuilder api)
    {
        api.MapPost("/labels/import", ImportAsync).For(Scopes.Dash | Scopes.Cli);
    }

    public static byte[] Lines(LabelStore labels) => Encoding.UTF8.GetBytes(string.Concat(labels.Current().Select(label => LabelLines.Write(label) + "\n")));

    private static async Task ImportAsync(HttpContext http)
    {
        if (await WireJson.ReadAsync(http, WireJson.Context.ImportLabelsRequest) is not { } request) return;
        if (request.Lines.Count is 0 or > MaxLines)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, $"1 to {MaxLines} lines at once.");
            return;
        }
        List<NewLabel> labels = [];
        for (int i = 0; i < request.Lines.Count; i++)
        {
            try
            {
                labels.Add(LabelLines.Read(request.Lines[i] ?? "", "import", http.Session().ClientId));
            }
            catch (FormatException fault)
            {
                await Reply.ProblemAsync(http, ProblemTypes.Invalid, $"lines[{i}]: {fault.Message}. Nothing was taken in.");
                return;
            }
        }
        try
        {
            long now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
            IReadOnlyList<bool> known = await http.RequestServices.GetRequiredService<LabelStore>().AddAsync(labels, now);
            string model = await http.RequestServices.GetRequiredService<Learner>().LearnAsync();
            await Reply.JsonAsync(http, new LabelsReply([.. labels.Zip(known, (label, duplicate) => new LabelResult(label.Id, duplicate))], model), WireJson.Context.LabelsReply);
        }
        catch (LabelConflictException conflict)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Conflict, $"Label {conflict.LabelId} is stored with another content. Nothing of this part was stored.");
        }
    }
}
