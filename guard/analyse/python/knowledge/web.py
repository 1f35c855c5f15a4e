"""Libraries that talk to the network: HTTP clients, browsers, mail and chat. Servers are in `frameworks`."""

TABLE = """
@py-requests
requests.get|options(url) = http.get url -> requests.Response
requests.head(url) = http.head url -> requests.Response
requests.post(url) = http.post url -> requests.Response
requests.put(url) = http.put url -> requests.Response
requests.patch(url) = http.patch url -> requests.Response
requests.delete(url) = http.delete url -> requests.Response
requests.request(method, url) = http method url -> requests.Response
requests.Request(method, url) = http method url
requests.Session|session|sessions.Session() = pure -> requests.Session
requests.Session.get|options(url) = http.get url -> requests.Response
requests.Session.head(url) = http.head url -> requests.Response
requests.Session.post(url) = http.post url -> requests.Response
requests.Session.put(url) = http.put url -> requests.Response
requests.Session.patch(url) = http.patch url -> requests.Response
requests.Session.delete(url) = http.delete url -> requests.Response
requests.Session.request(method, url) = http method url -> requests.Response
requests.Session.send() = http.post *
requests.Session.__latent__() = http.get *
requests.Session.* = pure
requests.Response.* = pure
requests.api => requests
requests.ssl => ssl
requests.compat.cookielib => http.cookiejar
requests.cookies.cookielib => http.cookiejar
requests.utils.cookielib => http.cookiejar
requests.sessions.cookielib => http.cookiejar
requests.models.cookielib => http.cookiejar
requests.exceptions.* = pure
requests.auth.* = pure
requests.codes|Response|Timeout|ConnectionError|HTTPError|RequestException|TooManyRedirects|ReadTimeout|ConnectTimeout|status_codes|
    __version__|PreparedRequest|JSONDecodeError|InvalidURL|MissingSchema|SSLError = pure
requests.compat.* = pure
requests.structures.* = pure
requests.cookies.* = pure
requests.models.* = pure
requests.certs.* = pure
[requests] opaque
requests_html.HTMLSession|AsyncHTMLSession() = pure -> requests.Session
requests_oauthlib.OAuth1Session|OAuth2Session() = pure -> requests.Session
cloudscraper.create_scraper() = pure -> requests.Session
curl_cffi.requests => requests
[requests_toolbelt requests_html requests_oauthlib cloudscraper curl_cffi] opaque
requests_oauthlib.OAuth1|OAuth2 = pure
requests.adapters.HTTPAdapter|BaseAdapter() = pure -> requests.adapters.HTTPAdapter
requests.adapters.HTTPAdapter.send() = http.post *
requests.adapters.HTTPAdapter.get_connection|get_connection_with_tls_context(url) = pure -> urllib3.HostPool(url)
requests.adapters.HTTPAdapter.proxy_manager_for|poolmanager() = pure -> urllib3.PoolManager
requests.adapters.HTTPAdapter.* = pure
requests.Session.get_adapter() = pure -> requests.adapters.HTTPAdapter
requests.adapters.Retry|DEFAULT_POOLSIZE|DEFAULT_RETRIES|DEFAULT_POOLBLOCK|DEFAULT_POOL_TIMEOUT|TimeoutSauce = pure
requests.adapters.PoolManager => urllib3.PoolManager
requests.adapters.proxy_from_url => urllib3.proxy_from_url
requests.adapters.SOCKSProxyManager => urllib3.PoolManager
requests.packages.urllib3 => urllib3
requests.packages.chardet => chardet
requests.packages.idna => idna
requests.utils.quote|unquote|urlparse|urlunparse|parse_header_links|parse_dict_header|parse_list_header|dict_from_cookiejar|
    cookiejar_from_dict|add_dict_to_cookiejar|get_encoding_from_headers|get_encodings_from_content|get_unicode_from_response|
    requote_uri|unquote_unreserved|default_headers|default_user_agent|guess_json_utf|guess_filename|to_key_val_list|from_key_val_list|
    super_len|iter_slices|stream_decode_response_unicode|is_ipv4_address|is_valid_cidr|address_in_network|dotted_netmask|
    should_bypass_proxies|select_proxy|resolve_proxies|prepend_scheme_if_needed|get_auth_from_url|check_header_validity|urldefragauth|
    rewind_body|unquote_header_value|to_native_string|dict_to_sequence|CaseInsensitiveDict|DEFAULT_CA_BUNDLE_PATH|
    DEFAULT_ACCEPT_ENCODING|DEFAULT_PORTS|NETRC_FILES|getproxies|proxy_bypass|bytes|str|basestring|builtin_str|integer_types|
    HEADER_VALIDATORS|UNRESERVED_SET = pure
requests.utils.get_environ_proxies() = pure
requests.utils.get_netrc_auth() = secret.read "~/.netrc"
requests.utils.extract_zipped_paths(path) = fs.read path; fs.create "/tmp/"
requests.utils.atomic_open(filename) = fs.write filename
requests.models.Request => requests.Request
requests_toolbelt.sessions.BaseUrlSession(base_url) = pure -> httpx.Client(base_url)
requests_toolbelt.threaded.* = net.connect *
requests_toolbelt.downloadutils.stream.stream_response_to_file(response, path) = fs.write path
requests_toolbelt.downloadutils.tee.tee_to_file(response, filename) = fs.write filename
requests_toolbelt.MultipartEncoder|MultipartEncoderMonitor|MultipartDecoder|StreamingIterator|GuessAuth|SSLAdapter|
    SourceAddressAdapter|ImproperBodyPartContentException|NonMultipartContentTypeException = pure
requests_toolbelt.multipart.* = pure
requests_toolbelt.streaming_iterator.* = pure
requests_toolbelt.exceptions.* = pure
requests_toolbelt.auth.* = pure
requests_toolbelt.adapters.* = pure
requests_toolbelt.utils.* = pure
requests_toolbelt.cookies.* = pure
urllib3.poolmanager => urllib3
urllib3.connectionpool => urllib3
urllib3.contrib.socks.SOCKSProxyManager => urllib3.PoolManager
urllib3.proxy_from_url() = pure -> urllib3.PoolManager
urllib3.connection.HTTPConnection|HTTPSConnection|VerifiedHTTPSConnection|DummyConnection(host, port) = net.connect host:port
urllib3.util.connection.create_connection(address) = net.connect address
urllib3.HTTPConnectionPool|HTTPSConnectionPool(host) = pure -> urllib3.HostPool(host)
urllib3.HostPool.request|urlopen|request_encode_url|request_encode_body(method, url) = http_host method url -> requests.Response
urllib3.HostPool.__latent__() = http.get *
urllib3.HostPool.* = pure
urllib3.PoolManager.connection_from_host(host) = pure -> urllib3.HostPool(host)
urllib3.PoolManager.connection_from_url(url) = pure -> urllib3.HostPool(url)
urllib3.contrib.* = net.connect *
urllib3.contrib.pyopenssl.inject_into_urllib3|extract_from_urllib3() = pure
urllib3.HTTPResponse|encode_multipart_formdata|HTTPHeaderDict|BaseHTTPResponse|__version__ = pure
urllib3.response.* = pure
urllib3.fields.* = pure
urllib3.filepost.* = pure

@py-httpx
httpx.get|options(url) = http.get url -> requests.Response
httpx.head(url) = http.head url -> requests.Response
httpx.post(url) = http.post url -> requests.Response
httpx.put(url) = http.put url -> requests.Response
httpx.patch(url) = http.patch url -> requests.Response
httpx.delete(url) = http.delete url -> requests.Response
httpx.request|stream(method, url) = http method url -> requests.Response
httpx.Client|AsyncClient(*, base_url) = pure -> httpx.Client(base_url)
httpx.Client < requests.Session
httpx.Client.stream|request|build_request(method, url) = http method url -> requests.Response
httpx.Client.__latent__() = http.get self
httpx.Timeout|Limits|HTTPError|HTTPStatusError|RequestError|ConnectError|Response|Request|URL|Headers|BasicAuth|DigestAuth|Auth|codes|
    TimeoutException|ReadTimeout|ConnectTimeout|HTTPTransport|AsyncHTTPTransport|Cookies|QueryParams|Proxy|ASGITransport|WSGITransport|
    MockTransport|TransportError|InvalidURL|NetworkError = pure
[httpx] opaque

@py-aiohttp
aiohttp.ClientSession(base_url) = pure -> aiohttp.ClientSession(base_url)
aiohttp.ClientSession < httpx.Client
aiohttp.ClientSession.ws_connect(url) = net.connect url
aiohttp.ClientSession.request(method, url) = http method url -> requests.Response
aiohttp.request(method, url) = http method url -> requests.Response
aiohttp.ClientTimeout|TCPConnector|ClientError|ClientResponseError|ClientConnectorError|BasicAuth|FormData|CookieJar|ClientResponse|
    ClientConnectionError|ContentTypeError|ServerTimeoutError|hdrs|ClientPayloadError|InvalidURL|TraceConfig|http_exceptions = pure
aiohttp.web.* = net.connect "0.0.0.0"
[aiohttp] opaque

@py-http-client
urllib3.PoolManager|ProxyManager() = pure -> urllib3.PoolManager
urllib3.PoolManager.request|urlopen|request_encode_url|request_encode_body(method, url) = http method url -> requests.Response
urllib3.PoolManager.__latent__() = http.get *
urllib3.PoolManager.* = pure
urllib3.request(method, url) = http method url -> requests.Response
urllib3.connection_from_url(url) = http.get url
urllib3.disable_warnings|Retry|Timeout|make_headers|add_stderr_logger = pure
urllib3.exceptions.* = pure
urllib3.util.* = pure
[urllib3] opaque
httplib2.Http() = pure -> httplib2.Http
httplib2.Http.request(uri, method) = http method uri
httplib2.Http.__latent__() = http.get *
httplib2.Http.* = pure
[httplib2 httplib treq tornado twisted grequests] opaque
treq.get(url) = http.get url
treq.post(url) = http.post url
grequests.get(u) = http.get u
[pycurl] opaque
wget.download(url, out) = http.get url; fs.write out
[wget] opaque
websocket.create_connection|WebSocketApp|WebSocket(url) = net.connect url
websockets.connect(uri) = net.connect uri
websockets.serve|sync.client.connect() = net.connect *
[websocket websockets socketio] opaque
socketio.Client|AsyncClient|Server|AsyncServer() = net.connect *
gql.gql|graphql_request.GraphQLRequest(request_string) = pure -> =request_string
gql.Client(*, transport) = !graphql_client -> gql.Client(transport)
gql.Client.execute|execute_async|execute_sync|subscribe|subscribe_async(document) = !graphql
gql.Client.execute_batch|execute_batch_sync|execute_batch_async() = http.post self
gql.Client.connect_async|connect_sync|__enter__|__aenter__() = pure -> gql.Client(self)
gql.Client.session = pure -> gql.Client(self)
gql.Client.__latent__() = http.post *
gql.Client.* = pure
gql.transport.aiohttp.AIOHTTPTransport(url) = pure -> gql.Transport(url)
gql.transport.requests.RequestsHTTPTransport(url) = pure -> gql.Transport(url)
gql.transport.httpx.HTTPXTransport|HTTPXAsyncTransport(url) = pure -> gql.Transport(url)
gql.transport.websockets.WebsocketsTransport(url) = pure -> gql.Transport(url)
gql.Transport.close|headers|cookies = pure
gql.Transport.* = http.post self
gql.Transport.__latent__() = http.post *
gql.transport.exceptions.* = pure
python_graphql_client.GraphqlClient(endpoint) = pure -> python_graphql_client.GraphqlClient(endpoint)
python_graphql_client.GraphqlClient.execute|execute_async|subscribe(query) = !graphql
python_graphql_client.GraphqlClient.__latent__() = http.post *
sgqlc.endpoint.http.HTTPEndpoint(url) = pure -> sgqlc.HTTPEndpoint(url)
sgqlc.endpoint.requests.RequestsEndpoint(url) = pure -> sgqlc.HTTPEndpoint(url)
sgqlc.HTTPEndpoint.__call__(query) = !graphql
sgqlc.HTTPEndpoint.__latent__() = http.post *
[python_graphql_client sgqlc] opaque
[gql] opaque
grpc.insecure_channel|secure_channel(target) = net.connect target
grpc.aio.insecure_channel|secure_channel(target) = net.connect target
[grpc] opaque
feedparser.parse(url) = http.get url
meilisearch.Client(url) = net.connect url -> meilisearch.Client(url)
meilisearch.Client.* = http.post self -> meilisearch.Client(self)
pysolr.Solr(url) = pure -> pysolr.Solr(url)
pysolr.Solr.search|more_like_this|suggest_terms|ping() = http.get self
pysolr.Solr.delete() = http.delete self
pysolr.Solr.* = http.post self
[feedparser] opaque

@py-browser
selenium.webdriver.Chrome|Firefox|Edge|Safari|Ie|Remote|PhantomJS|Opera|
    ChromiumEdge() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.chrome.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.Driver.get(url) = http.get url
selenium.Driver.execute_script|execute_async_script(script) = js script
selenium.Driver.save_screenshot|get_screenshot_as_file(filename) = fs.write filename
selenium.Driver.* = pure
[selenium] pure
seleniumbase.* = proc.exec "browser"
splinter.Browser() = proc.exec "browser" -> selenium.Driver
undetected_chromedriver.Chrome() = proc.exec "browser"; net.connect * -> selenium.Driver
webdriver_manager.* = net.connect *
chromedriver_autoinstaller.* = net.connect *
helium.* = proc.exec "browser"
mechanize.Browser() = net.connect *
mechanicalsoup.* = net.connect *
robobrowser.* = net.connect *
pyppeteer.launch|connect() = proc.exec "browser" -> playwright.Browser
[seleniumbase splinter undetected_chromedriver webdriver_manager chromedriver_autoinstaller helium mechanize] opaque
[mechanicalsoup robobrowser pyppeteer] opaque
playwright.sync_api.sync_playwright() = pure -> playwright.Playwright
playwright.async_api.async_playwright() = pure -> playwright.Playwright
playwright.Playwright.* = pure -> playwright.Playwright
playwright.Playwright.start|__enter__() = pure -> playwright.Playwright
playwright.Playwright.launch|launch_persistent_context|connect|connect_over_cdp() = proc.exec "browser" -> playwright.Browser
playwright.Browser.new_page|new_context|wait_for_event|contexts|pages() = pure -> playwright.Browser
playwright.Browser.goto(url) = http.get url
playwright.Browser.evaluate|evaluate_handle|add_init_script(expression) = js expression
playwright.Browser.screenshot|pdf(*, path) = fs.write path
playwright.Browser.set_content|content|title|close|wait_for_selector|wait_for_timeout|query_selector|query_selector_all|inner_text|
    text_content|set_viewport_size|set_default_timeout|wait_for_load_state|is_visible|get_attribute|inner_html|on() = pure
playwright.Browser.click|fill|press|check|uncheck|select_option|type|dblclick|tap|hover|submit|set_input_files() = http.post *
playwright.Browser.locator|get_by_role|get_by_text|get_by_label|get_by_placeholder|get_by_test_id|first|last|nth|frame_locator|
    filter() = pure -> playwright.Browser
playwright.Browser.request|route() = net.connect *
playwright.Browser.__latent__() = net.connect *
playwright.Browser.* = pure -> playwright.Browser
[playwright] opaque
playwright.sync_api.TimeoutError|Page|Browser|Playwright|expect|Error|BrowserContext|Locator = pure
playwright.async_api.TimeoutError|Page|Browser|Playwright|expect|Error|BrowserContext|Locator = pure
scrapy.* = net.connect *
scrapy.Spider|Item|Field|Selector = pure
scrapy.Request|FormRequest(url) = http.get url
[scrapy newspaper pytube pafy youtube_dl yt_dlp instaloader wikipedia wikipediaapi googlesearch] opaque
[duckduckgo_search speedtest yfinance] opaque
wikipedia.* = http.get "https://en.wikipedia.org/"
wikipediaapi.* = http.get "https://en.wikipedia.org/"
googlesearch.* = http.get "https://www.google.com/"
duckduckgo_search.* = http.get "https://duckduckgo.com/"
speedtest.* = net.connect *
yfinance.* = http.get "https://query1.finance.yahoo.com/"
newspaper.* = http.get *
pytube.YouTube|Playlist|Channel(url) = http.get "https://www.youtube.com/" -> pytube.YouTube
pytube.YouTube.download(output_path) = http.get "https://www.youtube.com/"; fs.write output_path/
pytube.YouTube.* = pure -> pytube.YouTube
pytube.* = http.get "https://www.youtube.com/"
pafy.* = http.get "https://www.youtube.com/"
youtube_dl.YoutubeDL() = http.get *; fs.write *
yt_dlp.YoutubeDL() = http.get *; fs.write *
instaloader.* = http.get "https://www.instagram.com/"; fs.write *
gtts.gTTS() = http.post "https://translate.google.com/" -> gtts.gTTS
gtts.gTTS.save(savefile) = fs.write savefile
gtts.gTTS.* = pure
geopy.geocoders.* = http.get *
geocoder.* = http.get *
translate.* = http.get *
googletrans.* = http.get "https://translate.google.com/"
deep_translator.* = http.get *
forex_python.* = http.get *
[gtts geopy geocoder translate googletrans deep_translator forex_python] opaque
geopy.distance.* = pure
pywhatkit.* = http.get *; proc.exec "browser"
[pywhatkit] opaque
selenium.webdriver.common.service.Service() = pure -> selenium.Service
selenium.webdriver.chrome.service.Service() = pure -> selenium.Service
selenium.webdriver.firefox.service.Service() = pure -> selenium.Service
selenium.webdriver.edge.service.Service() = pure -> selenium.Service
selenium.webdriver.chromium.service.ChromiumService() = pure -> selenium.Service
selenium.webdriver.ChromeService|FirefoxService|EdgeService|SafariService|IeService() = pure -> selenium.Service
selenium.Service.start() = proc.exec "browser"
selenium.Service.* = pure
selenium.webdriver.remote.remote_connection.RemoteConnection(remote_server_addr) = net.connect remote_server_addr
selenium.webdriver.remote.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.firefox.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.edge.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.safari.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.ie.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.chromium.webdriver.ChromiumDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.remote.server.* = proc.exec "java"; net.connect *
selenium.webdriver.common.selenium_manager.* = proc.exec "selenium-manager"
selenium.webdriver.common.utils.is_connectable|is_url_connectable|free_port|find_connectable_ip() = net.connect *

@py-chat
slack_sdk.WebClient|web.async_client.AsyncWebClient() = pure -> slack_sdk.WebClient
slack.WebClient() = pure -> slack_sdk.WebClient
slack_sdk.WebClient.chat_delete|files_delete|conversations_archive|conversations_kick|chat_deleteScheduledMessage|reminders_delete|
    pins_remove|reactions_remove|admin_users_remove() = http.delete "https://slack.com/api/"
slack_sdk.WebClient.conversations_list|conversations_history|conversations_info|conversations_members|conversations_replies|users_list|
    users_info|auth_test|search_messages|files_list|team_info|users_lookupByEmail|emoji_list|
    bots_info() = http.get "https://slack.com/api/"
slack_sdk.WebClient.* = http.post "https://slack.com/api/"
slack_sdk.webhook.WebhookClient|AsyncWebhookClient(url) = pure -> slack_sdk.WebhookClient(url)
slack_sdk.WebhookClient.* = http.post self
slack_sdk.errors.* = pure
slack_sdk.* = net.connect "slack.com:443"
slack_bolt.* = net.connect "slack.com:443"
[slack_sdk slack slack_bolt] opaque
telegram.* = net.connect "api.telegram.org:443"
telebot.* = net.connect "api.telegram.org:443"
telethon.* = net.connect "api.telegram.org:443"
pyrogram.* = net.connect "api.telegram.org:443"
aiogram.* = net.connect "api.telegram.org:443"
discord.* = net.connect "discord.com:443"
tweepy.* = http.get "https://api.twitter.com/"
praw.* = http.get "https://oauth.reddit.com/"
twilio.rest.Client() = http.post "https://api.twilio.com/"
sendgrid.* = http.post "https://api.sendgrid.com/"
mailchimp_marketing.* = http.post *
yagmail.SMTP() = net.connect "smtp.gmail.com:587"
openai.* = http.post "https://api.openai.com/"
anthropic.* = http.post "https://api.anthropic.com/"
groq.* = http.post "https://api.groq.com/"
mistralai.* = http.post "https://api.mistral.ai/"
cohere.* = http.post "https://api.cohere.ai/"
replicate.* = http.post "https://api.replicate.com/"
litellm.* = http.post *
ollama.* = http.post "http://localhost:11434/"
stripe.* = http.post "https://api.stripe.com/"
notion_client.* = http.post "https://api.notion.com/"
jira.JIRA() = net.connect * -> jira.JIRA
jira.JIRA.delete_issue|delete|delete_attachment() = http.delete *
jira.JIRA.__getitem__|__iter__() = pure -> jira.JIRA
jira.JIRA.* = http.post * -> jira.JIRA
zulip.* = http.post *
matrix_client.* = http.post *
exchangelib.* = net.connect *
pushbullet.* = http.post *
apprise.* = net.connect *
[telegram telebot telethon pyrogram aiogram discord tweepy praw twilio sendgrid mailchimp_marketing yagmail] opaque
[openai anthropic groq mistralai cohere replicate litellm ollama stripe notion_client jira zulip matrix_client] opaque
[exchangelib pushbullet apprise] opaque

@py-github
github.Github() = pure -> github.Github
github.Github.delete|remove_from_collaborators|remove_from_members|delete_file|delete_label|
    delete_key() = http.delete "https://api.github.com/"
github.Github.get_repo|get_user|get_issue|get_issues|get_pulls|get_pull|get_organization|search_repositories|search_issues|search_code|
    get_contents|get_commits|get_branch|get_branches|get_repos|get_labels|get_comments|get_files|get_releases|get_tags|get_readme|
    get_git_ref|get_workflow|get_workflows|get_workflow_runs|get_collaborators() = http.get "https://api.github.com/" -> github.Github
github.Github.create_issue|create_pull|create_comment|create_file|create_repo|create_git_ref|create_release|create_label|edit|
    add_to_labels|add_to_assignees|merge|update_file|create_issue_comment|create_gist|create_fork|create_review|create_status|
    create_dispatch() = http.post "https://api.github.com/" -> github.Github
github.Github.* = pure -> github.Github
github.Auth|GithubException|UnknownObjectException|InputGitTreeElement|RateLimitExceededException = pure
github.Auth.* = pure
[github] opaque
gitlab.Gitlab(url) = net.connect url -> github.Github
github3.* = net.connect "api.github.com:443"
ghapi.* = net.connect "api.github.com:443"
atlassian.* = net.connect *
[gitlab github3 ghapi atlassian] opaque
"""
