# ruff: noqa
# fmt: off
import json
import urllib.request

import httpx
import aiohttp
import requests
from gql import Client, gql
from gql.transport.requests import RequestsHTTPTransport
from python_graphql_client import GraphqlClient
from sgqlc.endpoint.http import HTTPEndpoint

URL = "https://api.example/graphql"
QUERY = """
query Repos($n: Int!) { viewer { repositories(first: $n) { nodes { name } } } }
"""
MUTATION = "mutation { deleteRef(input: {}) { id } }"
requests.post(URL, json={"query": QUERY, "variables": {"n": 3}})  # http.get Endpoint api.example:443
requests.post(URL, json={"query": MUTATION})  # http.post Endpoint api.example:443
requests.post(URL, None, {"query": QUERY})  # http.get Endpoint api.example:443
requests.post(URL, {"query": QUERY})  # http.get Endpoint api.example:443
requests.post(URL, data=json.dumps({"query": QUERY}))  # http.get Endpoint api.example:443
requests.post(URL, data='{"query": "{ a }"}')  # http.get Endpoint api.example:443
requests.post(URL, data='{"query": "SELECT 1"}')  # http.post Endpoint api.example:443
requests.post(URL, json={"query": input()})  # http.post Endpoint api.example:443
requests.post(URL, json={"query": f"query {{ user(id: {input()}) {{ name }} }}"})  # http.get Endpoint api.example:443
requests.post(URL, json={"title": QUERY})  # http.post Endpoint api.example:443
requests.post(URL, json=[{"query": QUERY}, {"query": "{ a }"}])  # http.get Endpoint api.example:443
requests.post(URL, json=[{"query": QUERY}, {"query": MUTATION}])  # http.post Endpoint api.example:443
requests.post(URL, json={"query": QUERY}, files={"query": "x"}, **json.loads(input()))  # http.post Endpoint api.example:443
payload = {"query": QUERY}
payload[input()] = MUTATION
requests.post(URL, json=payload)  # http.post Endpoint api.example:443
def ask(query, **variables):
    return requests.post(URL, json={"query": query, "variables": variables}, timeout=3).json()  # http.get Endpoint api.example:443; http.post Endpoint api.example:443
ask(QUERY, n=1)
ask(MUTATION)
httpx.Client(base_url="https://b.example").post("/graphql", json={"query": "{ a }"})  # http.get Endpoint b.example:443
requests.Session().request("POST", URL, json={"query": QUERY})  # http.get Endpoint api.example:443
requests.put(URL, json={"query": QUERY})  # http.put Endpoint api.example:443
async def main():
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json={"query": QUERY}) as response:  # http.get Endpoint api.example:443
            print(await response.json())
data = json.dumps({"query": QUERY}).encode()
urllib.request.urlopen(urllib.request.Request(URL, data=data, method="POST"))  # http.get Endpoint api.example:443
urllib.request.urlopen(URL, data)  # http.get Endpoint api.example:443
client = Client(transport=RequestsHTTPTransport(url=URL))
client.execute(gql(QUERY))  # http.get Endpoint api.example:443
client.execute(gql(MUTATION))  # http.post Endpoint api.example:443
client.execute(gql(input()))  # http.post Endpoint api.example:443
with client as session:
    session.execute(gql("subscription { ticks }"))  # http.get Endpoint api.example:443
Client(transport=RequestsHTTPTransport(url=URL), fetch_schema_from_transport=True)  # http.get Endpoint api.example:443
HTTPEndpoint("https://c.example")("{ a }")  # http.get Endpoint c.example:443
HTTPEndpoint("https://c.example")(MUTATION)  # http.post Endpoint c.example:443
GraphqlClient(endpoint="https://d.example").execute(query=QUERY)  # http.get Endpoint d.example:443
requests.post("https://api.example/users/delete", json={"query": "{ a }"})  # http.post Endpoint api.example:443
requests.post(URL + "?query=mutation{drop}", json={"query": "{ a }"})  # http.post Endpoint api.example:443
requests.post(URL, json={"query": "{ a }"}, params={"query": MUTATION})  # http.post Endpoint api.example:443
requests.post(URL, json={"query": "{ a }", "command": "drop"})  # http.post Endpoint api.example:443
requests.post(URL, json={"query": "query A { a } " + input(), "operationName": "B"})  # http.post Endpoint api.example:443
requests.post(URL, data='{"query": "{ a }", "extensions": {"persistedQuery": {"sha256Hash": "0"}}}')  # http.post Endpoint api.example:443
