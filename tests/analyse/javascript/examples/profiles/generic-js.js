const zones = await api.get("/zones");  // tool.read Tool server/GET /zones
await api.post("/zones", { body: {} });  // tool.write Tool server/POST /zones
await api.delete(`/zones/${zones[0].id}`);  // tool.destructive Tool server/DELETE /zones/* ~
await call_tool("get_weather", { city: "x" });  // tool.read Tool server/get_weather
await callTool("github", "close_issue", {});  // tool.write Tool github/close_issue
await tools.notes.removeNote({});  // tool.destructive Tool server/notes.removeNote
return zones;
