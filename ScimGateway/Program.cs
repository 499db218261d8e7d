using ScimGateway;

GatewayApp.Create(args).Run();
