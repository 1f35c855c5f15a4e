import axios from "axios";
import got from "got";
import { Octokit } from "octokit";
import http from "http";
import https from "node:https";
import net from "net";
import dns from "dns";
import fetchIt from "node-fetch";
import superagent from "superagent";
import { request } from "undici";
import OpenAI from "openai";
import { graphql } from "@octokit/graphql";

await fetch("https://api.example.com/v1");  // http.get Endpoint api.example.com:443
await fetch("https://api.example.com/v1", { method: "POST", body: "x" });  // http.post Endpoint api.example.com:443
const options = { method: "DELETE" };
await fetch(`https://api.example.com/items/${id}`, options);  // http.delete Endpoint api.example.com:443
await fetch(new Request("https://r.example/", { method: "PUT" }));  // http.put Endpoint r.example:443
await fetch(new URL("/x", "https://u.example"));  // http.get Endpoint u.example:443
await fetch(JSON.parse("1"));  // http.get Domain - ~
await fetch("https://m.example", { method: JSON.parse("1") });  // http.delete Endpoint m.example:443
await fetchIt("http://plain.example:8080/");  // http.get Endpoint plain.example:8080
axios.get("https://ax.example/a");  // http.get Endpoint ax.example:443
axios({ url: "https://ax.example/b", method: "patch" });  // http.patch Endpoint ax.example:443
axios("https://ax.example/c", { method: "post" });  // http.post Endpoint ax.example:443
const api = axios.create({ baseURL: "https://base.example/v2" });
api.delete("/users/1");  // http.delete Endpoint base.example:443
got.post("https://got.example/x");  // http.post Endpoint got.example:443
superagent.head("https://sa.example/");  // http.head Endpoint sa.example:443
request("https://un.example/", { method: "OPTIONS" });  // http.head Endpoint un.example:443
http.get("http://h.example/");  // http.get Endpoint h.example:80
https.request({ hostname: "opt.example", port: 8443, path: "/", method: "PUT" });  // http.put Endpoint opt.example:8443
net.connect(25, "mail.example");  // net.connect Endpoint mail.example:25
net.createConnection({ port: 6667, host: "irc.example" });  // net.connect Endpoint irc.example:6667
dns.lookup("leak.example", () => {});  // net.connect Endpoint leak.example:53
new WebSocket("wss://ws.example/feed");  // net.connect Endpoint ws.example:443
new EventSource("https://es.example/");  // http.get Endpoint es.example:443
const xhr = new XMLHttpRequest();  // net.connect Domain - ~
xhr.open("POST", "https://xhr.example/");  // http.post Endpoint xhr.example:443
navigator.sendBeacon("https://beacon.example/", "x");  // http.post Endpoint beacon.example:443
http.createServer(() => {}).listen(80);  // net.connect Domain - ~
const gh = new Octokit({ auth: "x" });
gh.rest.issues.create({ owner: "o", repo: "r", title: "t" });  // http.post Endpoint api.github.com:443
gh.rest.repos.get({ owner: "o", repo: "r" });  // http.get Endpoint api.github.com:443
gh.request("DELETE /repos/{owner}/{repo}", {});  // http.delete Endpoint api.github.com:443
graphql("query { viewer { login } }");  // http.get Endpoint api.github.com:443
graphql("mutation { deleteRef(input: {}) { clientMutationId } }");  // http.post Endpoint api.github.com:443
new OpenAI().chat.completions.create({});  // http.post Endpoint api.openai.com:443; net.connect Endpoint api.openai.com:443
await Promise.all(["https://a.example", "https://b.example"].map((u) => fetch(u)));  // http.get Endpoint a.example:443 *2; http.get Endpoint b.example:443 *2
setInterval(() => fetch("https://tick.example"), 1000);  // http.get Endpoint tick.example:443 *many
$.ajax({ url: "https://jq.example/", type: "PUT" });  // http.put Endpoint jq.example:443
await fetch("https://q.example/graphql", { method: "POST", body: JSON.stringify({ query: "query Q { a }", variables: {} }) });  // http.get Endpoint q.example:443
await fetch("https://q.example/graphql", { method: "POST", body: JSON.stringify({ query: "mutation { a }" }) });  // http.post Endpoint q.example:443
await fetch("https://q.example/graphql", { method: "POST", body: JSON.stringify({ title: "query Q { a }" }) });  // http.post Endpoint q.example:443
axios.post("https://q.example/graphql", { query: "{ a }" });  // http.get Endpoint q.example:443
axios.post("https://q.example/graphql", { query: "query Q { a }", ...JSON.parse("{}") });  // http.post Endpoint q.example:443
axios.post("https://q.example/users/delete", { query: "{ a }" });  // http.post Endpoint q.example:443
axios.post("https://q.example/graphql?query=mutation{a}", { query: "{ a }" });  // http.post Endpoint q.example:443
axios.post("https://q.example/graphql", { query: "{ a }" }, { params: { query: "mutation { a }" } });  // http.post Endpoint q.example:443
axios.post("https://q.example/graphql", { query: "{ a }", command: "drop" });  // http.post Endpoint q.example:443
axios.post("https://q.example/graphql", { query: "{ a }", toJSON() { return { query: "mutation { a }" }; } });  // http.post Endpoint q.example:443
axios.post("https://q.example/graphql", JSON.stringify({ query: "query { a }" }, (key, value) => value));  // http.post Endpoint q.example:443
