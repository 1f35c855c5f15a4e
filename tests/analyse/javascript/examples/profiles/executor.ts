const hits = await tools.search("issue");
await tools.github.org.main.list_issues({});  // tool.read Tool server/github.org.main.list_issues
await tools.github.org.main.delete_issue({ id: 1 });  // tool.destructive Tool server/github.org.main.delete_issue
console.log(hits);
