using System.Diagnostics;
using System.Globalization;
using Bench;
using Bench.Cases;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
var report = new Report(TimeProvider.System);
var circumstances = string.Create(CultureInfo.InvariantCulture,
    $"{TimeProvider.System.GetLocalNow():yyyy-MM-dd HH:mm}, {Environment.ProcessorCount} cores for everything, load average before: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {options.Users:N0} users, medians of {options.Rounds} rounds.");
await using var system = await MeasuredSystem.OpenAsync(options.System, stop.Token);

if (options.Cases.Contains('g') && Environment.GetEnvironmentVariable("BENCH_START_MS") is { } started)
    report.Add('g', "from start to healthy, with empty databases", double.Parse(started, CultureInfo.InvariantCulture) / 1000, "s");
if (!options.Quick)
{
    report.Progress("Making the files of the write-ahead log, as a server has them that has run for a while: 4 GB, some seconds");
    report.Progress($"There are {await WriteAheadLog.PrepareAsync(system, stop.Token)} of 16 MB");
}
if (options.Cases.Contains('a')) await new CreateCase(system, options, report).RunAsync(stop.Token);
if (options.Cases.Contains('a')) await new SustainedLoadCase(system, options, report).RunAsync(stop.Token);
if (options.Cases.Overlaps("bcd")) await LargeDirectoryAsync();
if (options.Cases.Contains('e')) await new PropagationCase(system, options, report).RunAsync(stop.Token);
if (options.Cases.Contains('f')) await new FirstSyncCase(system, options, report).RunAsync(stop.Token);
if (options.Cases.Contains('h')) await new LargeTenantCase(system, options, report).RunAsync(stop.Token);
if (options.Cases.Contains('g')) Processes();

Directory.CreateDirectory(options.Out);
var table = ResultTable.Markdown(circumstances, report.Results);
await File.WriteAllTextAsync(Path.Combine(options.Out, "results.md"), table, stop.Token);
await File.WriteAllTextAsync(Path.Combine(options.Out, "results.json"), ResultTable.Json(circumstances, report.Results), stop.Token);
Console.WriteLine();
Console.WriteLine(table);
Console.WriteLine($"It is also in {options.Out}/results.md and results.json.");
return 0;

async Task LargeDirectoryAsync()
{
    var population = new GeneratedUsers(system.Database, system.Directory.Id);
    using var reading = new ReadCase(system, options, report);
    await population.AddUsersAsync(1, BenchOptions.SmallDirectory, stop.Token);
    // In the large directory everybody is in a group, and an answer tells it: so here, too.
    await population.AddGroupAsync("All of the first", BenchOptions.SmallDirectory, stop.Token);
    await population.SettleAsync(stop.Token);
    var small = options.Cases.Contains('b') ? await reading.LookUpAsync(BenchOptions.SmallDirectory, stop.Token) : [];

    report.Progress($"Loading {options.Users:N0} users by COPY: without events, so that nobody but the directory knows them.");
    var began = Stopwatch.GetTimestamp();
    await population.AddUsersAsync(BenchOptions.SmallDirectory + 1, options.Users, stop.Token);
    var (ten, large) = (await population.AddGroupAsync("Ten", 10, stop.Token), await population.AddGroupAsync("Nearly all", options.Users - 1, stop.Token));
    await population.SettleAsync(stop.Token);
    report.Add('b', "loading the users and a group of them", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");

    if (options.Cases.Contains('b'))
        foreach (var (what, median) in await reading.LookUpAsync(options.Users, stop.Token))
        {
            report.Add('b', what, median, "ms");
            report.Add('b', $"{what}, {options.Users:N0} : {BenchOptions.SmallDirectory:N0} users", median / small[what], "", what == ReadCase.Control ? null : Goal.AtMost(1.5, 1.2));
        }
    if (options.Cases.Contains('c')) await reading.PagesAsync(stop.Token);
    if (!options.Cases.Contains('d')) return;
    report.Progress("d: one member in and out");
    await reading.MemberAsync(ten, stop.Token); // the first ones meet cold code
    var (few, many) = (await reading.MemberAsync(ten, stop.Token), await reading.MemberAsync(large, stop.Token));
    report.Add('d', $"add one member, group of {options.Users:N0}", many.Add, "ms");
    report.Add('d', $"add one member, {options.Users:N0} : 10", many.Add / few.Add, "", Goal.AtMost(1.5));
    report.Add('d', $"remove one member, {options.Users:N0} : 10", many.Remove / few.Remove, "", Goal.AtMost(1.5));
    var membership = new MembershipCase(system, options, report);
    await membership.StormAsync(large, await reading.NewUsersAsync(options.Samples, stop.Token), stop.Token);
    await membership.WholeListAsync(population, stop.Token);
}

void Processes()
{
    foreach (var (name, megabytes, cpu) in system.Processes())
    {
        report.Add('g', $"{name}: memory at the end", megabytes, "MB", name.StartsWith("directory", StringComparison.Ordinal) ? Goal.AtMost(300) : null);
        report.Add('g', $"{name}: CPU", cpu, "s");
    }
}
