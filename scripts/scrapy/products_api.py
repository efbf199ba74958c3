"""Every book by the JSON API: what spiders/products-api.ts does."""
import scrapy


class ProductsApiSpider(scrapy.Spider):
    name = "products-api"

    def start_requests(self):
        yield scrapy.Request(self.base + "api/products?page=1&per_page=50", dont_filter=True)

    def parse(self, response):
        page = response.json()
        yield from page["products"]
        if page["next"] is not None:
            yield response.follow(page["next"])
