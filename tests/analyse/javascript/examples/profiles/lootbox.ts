const input = await stdin();
await tools.kv.get({ key: "a" });  // tool.read Tool server/kv.get
await tools.mcp_github.create_issue({ title: input });  // tool.write Tool server/mcp_github.create_issue
