async () => {
  const zones = await cloudflare.request({ method: "GET", path: "/zones" });  // tool.read Tool server/GET /zones
  await cloudflare.request({ method: "POST", path: `/zones/${zones.result[0].id}/dns_records`, body: { type: "A" } });  // tool.write Tool server/POST /zones/*/dns_records ~
  await cloudflare.request({ method: "DELETE", path: "/zones/z1/dns_records/r1" });  // tool.destructive Tool server/DELETE /zones/z1/dns_records/r1
  await cloudflare.request({ method: "POST", path: "/zones/z1/purge_cache", body: {} });  // tool.destructive Tool server/POST /zones/z1/purge_cache
  await cloudflare.request({ method: "GET", path: `/accounts/${accountId}/workers/scripts` });  // tool.read Tool server/GET /accounts/{accountId}/workers/scripts
  await cloudflare.request({ method: "PUT", path: `/accounts/${accountId}/workers/scripts/w`, body: "code" });  // tool.destructive Tool server/PUT /accounts/{accountId}/workers/scripts/w
  await cloudflare.request({ method: "POST", path: "/graphql", body: { query: "query { viewer { zones { id } } }" } });  // tool.read Tool server/POST /graphql
  await cloudflare.request({ method: "POST", path: "/graphql", body: { query: "mutation { x }" } });  // tool.write Tool server/POST /graphql
  await cloudflare.request({ method: verb, path: "/zones" });  // tool.destructive Tool server/* /zones ~; opaque
  await cloudflare.request({ path: "/zones" });  // tool.destructive Tool server/* /zones ~
  await cloudflare.request(options);  // tool.destructive Tool server/* * ~; opaque
  for (const zone of zones.result) await cloudflare.request({ method: "PATCH", path: `/zones/${zone.id}/settings`, body: {} });  // tool.write Tool server/PATCH /zones/*/settings ~ *n
  await fetch("https://elsewhere.example/");  // http.get Endpoint elsewhere.example:443
  return Object.keys(spec.paths).filter((p) => p.includes("zones"));
}
