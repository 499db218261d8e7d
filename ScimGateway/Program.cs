using ScimGateway;

Gateway.Create(args).Run();
