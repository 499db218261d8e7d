System.Console.WriteLine("IdpSimulator");
