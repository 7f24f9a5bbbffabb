using Soundings.Cli;
using Soundings.Depth;
using Soundings.Reading;
using Soundings.Reading.Exports;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Api;

/// <summary>The services the API needs, one by one: an empty builder brings none of its own.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddSoundingsApi(this IServiceCollection services, Vault vault, ActiveModel model)
    {
        services.AddRoutingCore();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new StderrLog()));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(model);
        services.AddSingleton(vault);
        services.AddSingleton(vault.Database);
        services.AddSingleton<Background>().AddSingleton<Notices>().AddSingleton<Browser>();
        services.AddSingleton<LearningStore>().AddSingleton(ModelCatalogue.Open(vault.Folder)).AddSingleton<Learner>().AddSingleton<FullTraining>().AddSingleton<LearningReport>().AddSingleton<Asking>().AddSingleton<ExemptStore>();
        services.AddHostedService(provider => provider.GetRequiredService<Learner>()).AddHostedService(provider => provider.GetRequiredService<FullTraining>());
        services.AddSingleton<ClientStore>().AddSingleton<ItemStore>().AddSingleton<ItemPages>().AddSingleton<StatsStore>();
        services.AddSingleton<LabelStore>().AddSingleton<SightStore>().AddSingleton<PeopleStore>().AddSingleton<Health>();
        services.AddSingleton<ReactionStore>().AddSingleton(new RuleShelf(SiteCatalogue.OwnFolder(vault.Folder.Path)));
        services.AddSingleton(new RetentionOptions()).AddSingleton<Retention>().AddHostedService<RetentionService>();
        services.AddSingleton(vault.Folder).AddSingleton<ImportStore>().AddSingleton<ImportRun>().AddSingleton<Imports>();
        services.AddSingleton(new RescoreOptions()).AddSingleton<Rescorer>().AddHostedService<RescoreService>();
        services.AddSingleton<KeepingStore>().AddSingleton(new OutwardWatch(TimeProvider.System)).AddSingleton<Archive>();
        services.AddSingleton<ForgetStore>().AddSingleton<Forgetter>().AddHostedService(provider => provider.GetRequiredService<Forgetter>());
        services.AddHostedService<RollUp>();
        services.AddHostedService<StorageCheck>();
        services.AddSingleton(new BackupOptions()).AddSingleton<Backups>().AddHostedService<BackupService>().AddSingleton<Restarting>();
        // An open dashboard must not hold up a stop.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        return services;
    }
}
