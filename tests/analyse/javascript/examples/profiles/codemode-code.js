async () => {
  const issues = await codemode.list_issues({ repo: "a" });  // tool.read Tool server/list_issues
  await codemode.delete_issue({ id: issues[0].id });  // tool.destructive Tool server/delete_issue
  await codemode.create_issue({ title: "x" });  // tool.write Tool server/create_issue
  await codemode.frobnicate({});  // tool.write Tool server/frobnicate
  await codemode[name]({});  // opaque
  return issues;
}
