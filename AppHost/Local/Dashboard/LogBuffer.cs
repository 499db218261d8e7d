namespace LocalRuntime.Dashboard;

/// <summary>The last lines of one resource: a ring that overwrites its oldest. Not thread-safe; the log guards it.</summary>
internal sealed class LogBuffer(int capacity)
{
    private readonly List<LogLine> _lines = [];
    private int _oldest;

    public int Count => _lines.Count;

    public void Add(LogLine line)
    {
        if (_lines.Count < capacity)
        {
            _lines.Add(line);
            return;
        }

        _lines[_oldest] = line;
        _oldest = (_oldest + 1) % capacity;
    }

    /// <summary>At most the last <paramref name="limit"/> lines that came after the given sequence, oldest first.</summary>
    public IEnumerable<LogLine> After(long sequence, int limit)
    {
        for (var i = Math.Max(FirstAfter(sequence), Count - limit); i < Count; i++) yield return this[i];
    }

    private LogLine this[int age] => _lines[(_oldest + age) % _lines.Count];

    private int FirstAfter(long sequence)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (this[middle].Sequence <= sequence) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
