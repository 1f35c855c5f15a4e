const found = github.search_repositories({ q: "x" });  // tool.read Tool server/github.search_repositories
github.github_create_issue({ title: "t" });  // tool.write Tool server/github.github_create_issue
fs_tools.delete_file({ path: "/x" });  // tool.destructive Tool server/fs_tools.delete_file
return found;
