using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Radzen;
using Soundings.Api;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>
/// Where the dashboard joins the companion: its services and its routes.
/// <para>Blazor's interactive server, without its page renderer: the shell is a plain file and the circuit is started in it as a component
/// made from JavaScript. So nothing is rendered before a token is there, there is no form and hence no antiforgery cookie, and no
/// enhanced navigation. The circuit runs over long polling, the one transport that carries the token in a header.</para>
/// <para>Charts come from Radzen.Blazor. Tried side by side with MudBlazor 9.12 on this page's trend, under this policy: MudBlazor writes style
/// elements (three violations), brings 630 kB of style sheet, and cannot colour one column or draw a goal line; Radzen draws bare SVG that takes
/// all colour and type from our own sheet, logs no violation, has the value line, and costs 5 MB of memory once a chart is shown. Its style
/// sheets, fonts and AI helper are left out of the build. Lists and tables are plain HTML, which a screen reader knows best.</para>
/// </summary>
internal static class DashboardSetup
{
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        // Run from the build folder, the scripts of the packages are where a manifest says; published, they lie beside the program.
        string manifest = Path.Combine(AppContext.BaseDirectory, "soundings.staticwebassets.runtime.json");
        if (File.Exists(manifest))
        {
            builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = manifest;
            StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        }

        // Circuits end with the process, and so may the keys that sign them: nothing is written outside the data folder.
        builder.Services.AddDataProtection().AddKeyManagementOptions(keys =>
        {
            keys.XmlRepository = new KeysInMemory();
            keys.XmlEncryptor = new NullXmlEncryptor();
        });
        builder.Services.AddServerSideBlazor(circuit =>
        {
            circuit.RootComponents.RegisterForJavaScript<App>("dashboard");
            // A closed tab cannot say goodbye with a token, so its circuit waits for its return; a minute covers a laptop's short sleep.
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            circuit.DisconnectedCircuitMaxRetained = 4;
            circuit.DetailedErrors = false;
        });
        builder.Services.AddScoped<TooltipService>();
        builder.Services.AddScoped(_ => Strings.For(CultureInfo.CurrentUICulture));
        builder.Services.AddSupplyValueFromQueryProvider();
        builder.Services.AddSingleton<GoalStore>().AddSingleton<BondStore>().AddSingleton<ExchangeStore>().AddSingleton<FootprintStore>();
        builder.Services.AddSingleton<DashboardData>().AddSingleton<PeopleData>().AddSingleton<PrivacyData>().AddSingleton<NeverMarked>().AddSingleton<ImportData>().AddSingleton<Labelling>().AddSingleton<Teaching>();
        builder.Services.AddScoped<LiveView>();
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.MapDashboardAssets();
        app.MapBlazorHub().With(new Access(Scopes.Dash) { Surface = Surface.Circuit });
    }
}
