System.Console.WriteLine("Runner");
