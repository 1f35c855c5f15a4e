import puppeteer from "puppeteer";
import { chromium } from "playwright";

const browser = await puppeteer.launch();  // proc.exec Program browser ~
const page = await browser.newPage();
await page.goto("https://site.example/");  // http.get Endpoint site.example:443
await page.click("#go");
await page.evaluate(() => document.title);
await page.evaluate("fetch('https://inner.example')");  // http.get Endpoint inner.example:443
await page.screenshot({ path: "shot.png" });  // fs.write File shot.png
const b = await chromium.launch();  // proc.exec Program browser ~
const p = await b.newPage();
await p.goto("https://play.example/");  // http.get Endpoint play.example:443
document.write("<script>");  // opaque
importScripts("https://cdn.example/x.js");  // http.get Endpoint cdn.example:443; opaque
