const found = github.search_repositories({ q: "x" });  // tool.read Tool server/github.search_repositories
github.github_create_issue({ title: "t" });  // tool.write Tool server/github.github_create_issue
fs_tools.delete_file({ path: "/x" });  // tool.destructive Tool server/fs_tools.delete_file
__callToolRef.applySyncPromise(undefined, ["desk.notes.delete_note", "{}"]);  // tool.destructive Tool server/__callToolRef.applySyncPromise
const described = __getToolInterface("github.search_repositories") + __interfaces.length;
return { found, described };
