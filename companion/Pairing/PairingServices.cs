namespace Soundings.Pairing;

/// <summary>The services of pairing, all in memory but for the list of paired browsers.</summary>
internal static class PairingServices
{
    public static IServiceCollection AddPairing(this IServiceCollection services) => services
        .AddSingleton(new PairingOptions())
        .AddSingleton<PairingAttempts>()
        .AddSingleton<Sessions>()
        .AddSingleton<Tickets>();
}
