"""What members see, behind a login form: what spiders/quotes-login.ts does."""
import scrapy


class QuotesLoginSpider(scrapy.Spider):
    name = "quotes-login"

    def start_requests(self):
        yield scrapy.Request(self.base + "login", dont_filter=True)

    def parse(self, response):
        yield scrapy.FormRequest.from_response(
            response,
            formcss="form[action$='/login']",
            formdata={"username": "orbweaver", "password": "practice"},
            callback=self.parse_quotes,
            dont_filter=True,
        )

    def parse_quotes(self, response):
        for quote in response.css("div.quote"):
            yield {
                "text": quote.css("span.text::text").get(""),
                "author": quote.css("small.author::text").get(""),
                "goodreads": response.urljoin(quote.css('a[href*="goodreads"]::attr(href)').get("")),
            }
        yield from response.follow_all(css="li.next a", callback=self.parse_quotes)
