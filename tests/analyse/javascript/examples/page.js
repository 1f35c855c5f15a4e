const [text, page, driver, board] = JSON.parse("[]");
document.body.innerHTML = "<img src=https://evil.example>";  // opaque
document.getElementById("x").innerHTML = text;  // opaque
document.getElementById("x").innerHTML = "<b>done</b><br>";
document.getElementById("x").textContent = text;
document.head.insertAdjacentHTML("beforeend", "<script>");  // opaque
document.querySelector("form").submit();  // http.post Domain - ~ ?
document.querySelector("button").click();  // http.post Domain - ~ ?
const i = new Image();
i.src = "https://evil.example/?c";  // http.get Endpoint evil.example:443 ?
document.querySelector("img").setAttribute("src", "https://evil.example/");  // http.get Endpoint evil.example:443 ?
document.querySelector("a").setAttribute("onclick", "steal()");  // opaque
document.querySelector("iframe").contentWindow.eval("1");  // opaque
document.location = "https://evil.example";  // opaque
top.location = "https://evil.example";  // opaque
parent.location.href = "https://evil.example";  // opaque
parent.postMessage("x", "*");  // opaque
document.cookie = "a=b";  // fs.write Folder / ~
localStorage.token = "b";  // fs.write Folder / ~; opaque
localStorage.getItem("token");  // secret.read Variable - ~
document.body.style.backgroundImage = "url(https://evil.example)";  // http.get Domain - ~ ?
document.body.style.color = "red";
new RTCPeerConnection({});  // net.connect Domain - ~
new Audio("https://evil.example/a.mp3").play();  // http.get Endpoint evil.example:443
const rows = [...document.querySelectorAll("tr")].map((row) => row.innerText);
const state = { src: "", click: 0 };
state.src = "here";
await page.goto("https://x.example/");  // http.get Endpoint x.example:443 ?
await this.page.evaluate("fetch('https://y.example')");  // http.get Endpoint y.example:443
await page.addScriptTag({ url: "https://x.example/a.js" });  // opaque
await page.setContent("<script>fetch(1)</script>");  // opaque
await driver.executeScript("return document.cookie");  // secret.read Variable - ~
board.goto(3, 4);
