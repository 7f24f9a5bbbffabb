namespace Soundings.Dashboard;

/// <summary>Where the dashboard joins the companion: its services and its routes.</summary>
internal static class DashboardSetup
{
    public static void AddDashboard(this WebApplicationBuilder builder) => ArgumentNullException.ThrowIfNull(builder);

    public static void MapDashboard(this WebApplication app) => ArgumentNullException.ThrowIfNull(app);
}
