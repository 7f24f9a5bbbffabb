Console.WriteLine("soundings");
