async function run(client) {
  const numbers = await client.phoneNumbers.list({});  // tool.read Tool server/phoneNumbers.list
  const price = await client.simple.price.get({ ids: "bitcoin" });  // tool.read Tool server/simple.price.get
  await client.phoneNumbers.delete("1");  // tool.destructive Tool server/phoneNumbers.delete
  await client.messages.send({ to: "1" });  // tool.write Tool server/messages.send
  await client.post("/phone_numbers", { body: {} });  // tool.write Tool server/POST /phone_numbers
  await client.delete("/phone_numbers/1");  // tool.destructive Tool server/DELETE /phone_numbers/1
  await client["phone" + "Numbers"]["del" + "ete"]("2");  // tool.destructive Tool server/phoneNumbers.delete
  const { phoneNumbers: pn } = client;
  await pn.update("3", {});  // tool.write Tool server/phoneNumbers.update
  for await (const n of client.calls.list()) console.log(n);  // tool.read Tool server/calls.list
  console.log(client.apiKey);  // secret.read Variable apiKey
  await fetch(client.baseURL + "/x", { method: "DELETE" });  // http.delete Domain - ~
  return { numbers, price };
}
