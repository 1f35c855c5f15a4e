var issues = list_issues({ repo: "a" });  // tool.read Tool server/list_issues
delete_issue({ id: 1 });  // tool.destructive Tool server/delete_issue
open({ file: "x" });  // tool.write Tool server/open
return issues;
