System.Console.WriteLine("The AppHost.");
