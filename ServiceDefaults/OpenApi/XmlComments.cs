using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ServiceDefaults.OpenApi;

/// <summary>
/// Reads XML comments as plain text, from the XML files that the compiler writes beside each assembly. Handlers and bodies are
/// internal or private, and the OpenAPI package's own reader skips those.
/// </summary>
internal static partial class XmlComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    internal static string? Summary(Type type) => Text(Member("T:" + Name(type), type)?.Element("summary"));

    internal static string? Summary(MethodInfo method) => Text(Of(method)?.Element("summary"));

    internal static string? Parameter(MethodInfo method, string name) => Text(Param(Of(method), name));

    /// <summary>The summary of a property, or of the record parameter that it comes from.</summary>
    internal static string? Summary(PropertyInfo property) =>
        property.DeclaringType is not { } type ? null
        : Text(Member($"P:{Name(type)}.{property.Name}", type)?.Element("summary")) ?? Text(Param(Member("T:" + Name(type), type), property.Name));

    private static XElement? Of(MethodInfo method)
    {
        if (method.DeclaringType is not { } type) return null;
        var id = $"M:{Name(type)}.{method.Name}";
        return Member(id, type);
    }

    private static XElement? Param(XElement? member, string name) =>
        member?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == name);

    private static XElement? Member(string id, Type type) => Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(id);

    /// <summary>Members by name. Methods are found without their parameters, because handlers are not overloaded.</summary>
    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var members = new Dictionary<string, XElement>(StringComparer.Ordinal);
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(file)) return members;
        foreach (var member in XDocument.Load(file).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is not { } name) continue;
            var end = name.IndexOf('(', StringComparison.Ordinal);
            members.TryAdd(end < 0 ? name : name[..end], member);
        }
        return members;
    }

    private static string Name(Type type)
    {
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return (open.FullName ?? open.Name).Replace('+', '.');
    }

    private static string? Text(XElement? element)
    {
        if (element is null) return null;
        var text = Space().Replace(string.Concat(element.Nodes().Select(Word)), " ").Trim();
        return text.Length == 0 ? null : text;
    }

    private static string Word(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference => $"`{Last(reference)}`",
        XElement inner => string.Concat(inner.Nodes().Select(Word)),
        _ => "",
    };

    private static string Last(XElement reference)
    {
        var name = (reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword"))?.Value ?? reference.Value;
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
