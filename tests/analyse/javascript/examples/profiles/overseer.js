const ready = await tasks.list({ ready: true });  // tool.read Tool server/tasks.list
await tasks.start(ready[0].id);  // tool.write Tool server/tasks.start
await tasks.complete(ready[0].id, { result: "done" });  // tool.write Tool server/tasks.complete
await tasks.delete("x");  // tool.destructive Tool server/tasks.delete
await learnings.list("x");  // tool.read Tool server/learnings.list
tasks.constructor.constructor("return process")();  // opaque
return tasks.nextReady();  // tool.read Tool server/tasks.nextReady
