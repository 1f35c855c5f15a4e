async function run() {
  const files = await Gdrive.listFiles({});  // tool.read Tool server/Gdrive.listFiles
  await Gdrive.deleteFile({ id: files[0] });  // tool.destructive Tool server/Gdrive.deleteFile
  await invoke({ name: "slack__post_message", arguments: {} });  // tool.write Tool server/slack__post_message
  await invoke({ name: pick, arguments: {} });  // opaque
  return files;
}
